/** What an engineer may ask for of a service that Slipway added: its change, or its removal. */
import { ButtonLink } from '@/components/ui/button';
import { wizardHref } from '@/components/wizard/wizard-href';

export function ServiceActions({ name }: { name: string }) {
  return (
    <>
      <ButtonLink href={wizardHref('basics', { changes: name })} prefetch={false} shortcut="E">
        Change
      </ButtonLink>
      <ButtonLink href={`/services/${encodeURIComponent(name)}/remove`} prefetch={false} variant="danger">
        Remove
      </ButtonLink>
    </>
  );
}
