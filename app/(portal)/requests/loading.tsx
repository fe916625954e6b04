import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function LoadingRequests() {
  return (
    <Loading what="the requests">
      <div className="min-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] bg-surface">
        <div className="mx-4 h-10 border-b border-line-strong" />
        <SkeletonRows rows={18} widths={['40px', '34%', '110px', '120px', '140px']} />
      </div>
    </Loading>
  );
}
