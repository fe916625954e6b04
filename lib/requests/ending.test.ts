import { expect, test } from 'vitest';
import { afterEnding } from './ending';

test('only an addition gives its name and everything else back', () => {
  const told = (action: string) => afterEnding({ action, serviceName: 'coturn' });
  expect(told('add')).toContain('name are free');
  expect(told('change')).toBe('coturn stays as it was, and what only the change had is free');
  expect(told('remove')).toBe('coturn stays, with its ports and hosts');
});
