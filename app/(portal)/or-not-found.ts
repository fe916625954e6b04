/** What is not there becomes Next's not-found page, with status 404 where nothing has been sent yet. */
import { notFound } from 'next/navigation';
import { NotFoundError } from '@/lib/errors';

export async function orNotFound<Value>(query: Promise<Value>): Promise<Value> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof NotFoundError) notFound();
    throw error;
  }
}
