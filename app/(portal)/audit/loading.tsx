import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function LoadingAudit() {
  return (
    <Loading what="the audit">
      <div className="min-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] bg-surface">
        <div className="mx-4 h-24 border-b border-line-strong" />
        <SkeletonRows rows={18} widths={['96px', '20%', '26%', '36%']} />
      </div>
    </Loading>
  );
}
