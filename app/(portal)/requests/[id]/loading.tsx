import { DocumentSkeleton } from '@/components/ui/document-skeleton';

export default function LoadingRequest() {
  return <DocumentSkeleton what="the request" />;
}
