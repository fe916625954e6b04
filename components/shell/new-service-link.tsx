'use client';
/** The way into the wizard. Filled on the catalog, where it is what the page is for; absent in the wizard itself. */
import { LoaderCircle, Plus } from 'lucide-react';
import { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { ButtonLink } from '@/components/ui/button';

export function NewServiceLink() {
  const path = usePathname();
  if (path.startsWith('/services/new')) return null;
  return (
    <ButtonLink
      href="/services/new"
      variant={path === '/services' ? 'primary' : 'default'}
      shortcut="C"
      aria-label="New service"
      className="max-md:w-(--h-control) max-md:px-0"
    >
      <Mark />
      <span className="max-md:hidden">New service</span>
    </ButtonLink>
  );
}

/** Turns while the wizard is on its way: on a slow line nothing else would say that the press was taken. */
function Mark() {
  const { pending } = useLinkStatus();
  return pending ? (
    <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin motion-reduce:animate-none" />
  ) : (
    <Plus aria-hidden="true" className="size-3.5" />
  );
}
