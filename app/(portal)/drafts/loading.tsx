import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function LoadingDrafts() {
  return (
    <Loading what="your drafts">
      <div className="min-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] bg-surface">
        <SkeletonRows rows={8} widths={['34%', '120px', '140px', '110px']} />
      </div>
    </Loading>
  );
}
