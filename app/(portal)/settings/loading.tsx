import { DocumentSkeleton } from '@/components/ui/document-skeleton';

export default function LoadingSettings() {
  return <DocumentSkeleton what="the settings" />;
}
