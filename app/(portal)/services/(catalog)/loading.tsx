import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function LoadingCatalog() {
  return (
    <Loading what="the catalog">
      <div className="grid min-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] grid-cols-[minmax(0,1fr)] md:grid-cols-[204px_minmax(0,1fr)]">
        <div className="px-5 pt-5 max-md:hidden" aria-hidden="true">
          {Array.from({ length: 14 }, (_, row) => (
            <Skeleton key={row} className={row % 7 === 0 ? 'mt-4 mb-3 w-14' : 'mb-3 w-32'} />
          ))}
        </div>
        <div className="border-line bg-surface md:border-l">
          <div className="flex h-[51px] items-center border-b border-line pl-4">
            <Skeleton className="h-[30px] w-[min(440px,90%)]" />
          </div>
          <SkeletonRows rows={22} widths={['30%', '100px', '110px', '150px', '200px']} />
        </div>
      </div>
    </Loading>
  );
}
