import { redirect } from 'next/navigation';
import { wizardHref } from '@/components/wizard/wizard-href';
import { decodeSegment } from '../../../decode-segment';

/** A change begins at the wizard's first step. */
export default async function ChangePage({ params }: { params: Promise<{ name: string }> }) {
  redirect(wizardHref('basics', { changes: decodeSegment((await params).name) }));
}
