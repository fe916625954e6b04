'use client';
/** Queues that the service reads and topics that it publishes to. */
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { emptyQueue, emptyTopic, type DraftForm } from '@/lib/wizard/draft-form';
import { TextField } from './fields';
import { RowList } from './row-list';

export function MessagingFields() {
  const { control } = useFormContext<DraftForm>();
  const queues = useFieldArray({ control, name: 'messaging.queues' });
  const topics = useFieldArray({ control, name: 'messaging.publishes' });
  const queueValues = useWatch({ control, name: 'messaging.queues' });
  const topicValues = useWatch({ control, name: 'messaging.publishes' });
  return (
    <>
      <RowList
        label="Queues that it reads"
        hint="SQS, each with a dead-letter queue of its own."
        rows={queues.fields}
        add="Add queue"
        onAdd={() => queues.append(emptyQueue())}
        onRemove={queues.remove}
        nameOf={(index) => queueValues[index]?.name || `queue ${index + 1}`}
      >
        {(index) => (
          <div className="grid gap-2">
            <div className="grid grid-cols-3 gap-2 max-md:grid-cols-1">
              <TextField path={`messaging.queues.${index}.name`} label="Name" mono placeholder="egress-jobs" />
              <TextField
                path={`messaging.queues.${index}.environment`}
                label="Variable with its URL"
                mono
                placeholder="EGRESS_QUEUE_URL"
              />
              <TextField
                path={`messaging.queues.${index}.topics`}
                label="From topics"
                optional
                mono
                placeholder="room-events, billing"
              />
            </div>
            <div className="grid grid-cols-3 gap-2 max-md:grid-cols-1">
              <TextField
                path={`messaging.queues.${index}.visibilitySeconds`}
                label="Visibility (s)"
                mono
                inputMode="numeric"
              />
              <TextField
                path={`messaging.queues.${index}.retentionDays`}
                label="Kept for (days)"
                mono
                inputMode="numeric"
              />
              <TextField
                path={`messaging.queues.${index}.maxReceives`}
                label="Tries before dead-letter"
                mono
                inputMode="numeric"
              />
            </div>
          </div>
        )}
      </RowList>
      <RowList
        label="Topics that it publishes to"
        hint="SNS."
        rows={topics.fields}
        add="Add topic"
        onAdd={() => topics.append(emptyTopic())}
        onRemove={topics.remove}
        nameOf={(index) => topicValues[index]?.topic || `topic ${index + 1}`}
      >
        {(index) => (
          <div className="grid grid-cols-2 gap-2 max-md:grid-cols-1">
            <TextField path={`messaging.publishes.${index}.topic`} label="Topic" mono placeholder="room-events" />
            <TextField
              path={`messaging.publishes.${index}.environment`}
              label="Variable with its ARN"
              mono
              placeholder="ROOM_EVENTS_TOPIC_ARN"
            />
          </div>
        )}
      </RowList>
    </>
  );
}
