import { Page } from '@/components/ui/page';
import { Loading, Skeleton } from '@/components/ui/skeleton';

export default function LoadingPorts() {
  return (
    <Loading what="the ports">
      <Page>
        <Skeleton className="h-5 w-20" />
        <Skeleton className="mt-3 w-[480px] max-w-full" />
        {Array.from({ length: 5 }, (_, pool) => (
          <div key={pool} className="mt-10">
            <Skeleton className="mb-4 w-56" />
            <Skeleton className="h-[26px]" />
            <Skeleton className="mt-4 w-72" />
          </div>
        ))}
      </Page>
    </Loading>
  );
}
