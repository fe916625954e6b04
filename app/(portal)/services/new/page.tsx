import { redirect } from 'next/navigation';

/** The wizard begins at its first step. */
export default function NewServicePage() {
  redirect('/services/new/basics');
}
