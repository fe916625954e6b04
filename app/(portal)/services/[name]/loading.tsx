import { DocumentSkeleton } from '@/components/ui/document-skeleton';

export default function LoadingService() {
  return <DocumentSkeleton what="the service" panel />;
}
