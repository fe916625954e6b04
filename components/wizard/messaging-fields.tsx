'use client';
/** Queues that the service reads and topics that it publishes to. */
import { emptyQueue, emptyTopic } from '@/lib/wizard/draft-form';
import { TextField } from './fields';
import { FieldRows } from './field-rows';

export function MessagingFields() {
  return (
    <>
      <FieldRows
        path="messaging.queues"
        label="Queues that it reads"
        hint="SQS, each with a dead-letter queue of its own."
        add="Add queue"
        empty={emptyQueue}
        noun="queue"
        nameOf={(row) => row.name}
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
      </FieldRows>
      <FieldRows
        path="messaging.publishes"
        label="Topics that it publishes to"
        hint="SNS."
        add="Add topic"
        empty={emptyTopic}
        noun="topic"
        nameOf={(row) => row.topic}
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
      </FieldRows>
    </>
  );
}
