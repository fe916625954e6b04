import { redirect } from 'next/navigation';

/** The catalog is where everything starts. */
export default function Home(): never {
  redirect('/services');
}
