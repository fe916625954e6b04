import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function LoadingQueue() {
  return (
    <Loading what="the queue">
      <div className="min-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] bg-surface">
        <div className="mx-4 h-10 border-b border-line-strong" />
        <SkeletonRows rows={18} widths={['120px', '80px', '40%', '90px']} />
      </div>
    </Loading>
  );
}
