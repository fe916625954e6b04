import { renderToString } from 'react-dom/server';
import { FormProvider, useForm } from 'react-hook-form';
import { expect, it } from 'vitest';
import { emptyQueue, type DraftForm } from '@/lib/wizard/draft-form';
import { FieldRows } from './field-rows';

function Rows({ queues }: { queues: { name: string }[] | undefined }) {
  const form = useForm<DraftForm>({
    defaultValues: queues ? { messaging: { queues: queues.map((queue) => ({ ...emptyQueue(), ...queue })) } } : {},
  });
  return (
    <FormProvider {...form}>
      <FieldRows
        path="messaging.queues"
        label="Queues"
        add="Add queue"
        empty={emptyQueue}
        noun="queue"
        nameOf={(row) => row.name}
      >
        {(index) => <i>{`field ${index}`}</i>}
      </FieldRows>
    </FormProvider>
  );
}

const labelsOf = (queues: { name: string }[] | undefined) =>
  [...renderToString(<Rows queues={queues} />).matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);

it('names each row by what it says, or by its number', () => {
  expect(labelsOf([{ name: 'egress-jobs' }, { name: '' }])).toEqual([
    'egress-jobs',
    'Remove egress-jobs',
    'queue 2',
    'Remove queue 2',
  ]);
});

it('has no rows where the list is not there', () => {
  expect(labelsOf(undefined)).toEqual([]);
});
