/** A document page before its words have come. */
import { Page, PageColumns } from './page';
import { Loading, Skeleton } from './skeleton';

function Lines({ count }: { count: number }) {
  return Array.from({ length: count }, (_, line) => (
    <div key={line} className="flex h-[31px] items-center border-b border-line">
      <Skeleton className={line % 3 === 1 ? 'w-1/2' : 'w-2/3'} />
    </div>
  ));
}

/** @param panel with the row of answers below the title. */
export function DocumentSkeleton({ what, panel = false }: { what: string; panel?: boolean }) {
  return (
    <Loading what={what}>
      <Page>
        <Skeleton className="mb-3 w-28" />
        <Skeleton className="h-5 w-64" />
        <Skeleton className="mt-3 w-96 max-w-full" />
        {panel ? <div className="mt-4 h-[92px] rounded-3 border border-line-strong" /> : null}
        <PageColumns side={<Lines count={8} />}>
          <Lines count={12} />
        </PageColumns>
      </Page>
    </Loading>
  );
}
