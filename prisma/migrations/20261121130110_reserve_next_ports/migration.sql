-- Reserves by hand the lowest free ports of a pool, in one statement: while it has the lock of the host nothing has to go to the portal and back, so that
-- hundreds at once are as fast as one after the other. The lock is that of `lockScopes` (lib/ports/reserve.ts), and the constraint stays the truth.
-- `outcome` is `reserved`; `overdue` where a lease has to be ended first; `full` where the pool has no such ports. Nothing is written then.
-- `audit` is what lib/audit-driver.ts tells the database before other writes: who it is, and from where.
CREATE FUNCTION reserve_next_ports(
  host text, kind text, pool_name text, pool_from integer, pool_to integer, size integer, seen int4multirange,
  for_service text, named text, by_whom text, because text, call_key text, question text, audit text,
  OUT outcome text, OUT reservation uuid, OUT first_port integer
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF audit IS NOT NULL THEN PERFORM set_config('slipway.audit', audit, true); END IF;
  PERFORM pg_notify('slipway_events', 'ports');
  PERFORM pg_advisory_xact_lock(hashtextextended('slipway ports ' || host, 0));
  -- Each statement from here on sees what was committed before the lock was given.
  IF EXISTS (SELECT 1 FROM port_reservations WHERE scope = host AND state = 'held' AND lease_until <= clock_timestamp()) THEN
    outcome := 'overdue';
    RETURN;
  END IF;
  SELECT lower(free) INTO first_port
    FROM unnest(
           int4multirange(int4range(pool_from, pool_to, '[]')) - seen - coalesce(
             (SELECT range_agg(int4range(port_from, port_to, '[]')) FROM port_reservations
               WHERE scope = host AND state IN ('held', 'reserved', 'active')
                 AND int4range(port_from, port_to, '[]') && int4range(pool_from, pool_to, '[]')),
             '{}')
         ) AS free
   WHERE upper(free) - lower(free) >= size
   ORDER BY lower(free) LIMIT 1;
  IF first_port IS NULL THEN
    outcome := 'full';
    RETURN;
  END IF;
  INSERT INTO port_reservations
    (scope, protocol, port_from, port_to, state, pool, service, port_name, reserved_by, reserved_because, idempotency_key, asked, updated_at)
  VALUES (host, kind, first_port, first_port + size - 1, 'reserved', pool_name, for_service, named, by_whom, because, call_key, question, now())
  RETURNING id INTO reservation;
  outcome := 'reserved';
END $$;
