-- Who changed what, from where: written by the database itself, in the transaction of the change, so that no writer can forget it.
-- docs/operations/audit.md tells an operator how to read it; docs/decisions/019 why it stands here and not in the code.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "operation" TEXT,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "service" TEXT,
    "request_number" INTEGER,
    "before" JSONB,
    "after" JSONB,
    "address" TEXT,
    "user_agent" TEXT,
    "correlation_id" TEXT,
    "haystack" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_entries_actor_kind" CHECK ("actor_kind" IN ('person', 'token', 'job', 'system', 'database')),
    CONSTRAINT "audit_entries_way" CHECK ("way" IN ('page', 'api', 'job', 'webhook', 'database'))
);

CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at" DESC, "id" DESC);
CREATE INDEX "audit_entries_subject_idx" ON "audit_entries"("subject_kind", "subject_id", "id");
CREATE INDEX "audit_entries_request_number_idx" ON "audit_entries"("request_number");
CREATE INDEX "audit_entries_correlation_id_idx" ON "audit_entries"("correlation_id");
CREATE INDEX "audit_entries_haystack_idx" ON "audit_entries" USING gin ("haystack" gin_trgm_ops);

-- Secrets, by their shape: tokens of the systems that we know, private keys, passwords in addresses and in `name=value`.
CREATE FUNCTION audit_struck_out_text(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF length(value) < 8 THEN RETURN value; END IF;
  value := left(value, 4000);
  value := regexp_replace(value,
    '-----BEGIN [A-Z ]*PRIVATE KEY.*|gh[a-z]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}'
    || '|xox[a-z]-[\w-]{10,}|(ntn|secret)_\w{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|bearer\s+[^\s",;]{8,}', '[struck out]', 'gi');
  value := regexp_replace(value, '://[^/\s@]+:[^/\s@]+@', '://[struck out]@', 'g');
  RETURN regexp_replace(value,
    '((?:password|passwd|passphrase|secret|token|credential|api[_-]?key)\w*\s*[=:]\s*)[^\s",;]+', '\1[struck out]', 'gi');
END $$;

-- The same for every string in a value, and whatever is called by a secret's name.
CREATE FUNCTION audit_struck_out(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'string' THEN RETURN to_jsonb(audit_struck_out_text(value #>> '{}'));
    WHEN 'array' THEN RETURN (SELECT coalesce(jsonb_agg(audit_struck_out(item) ORDER BY place), '[]')
                                FROM jsonb_array_elements(value) WITH ORDINALITY AS items(item, place));
    WHEN 'object' THEN RETURN (SELECT coalesce(jsonb_object_agg(key, CASE
                                        WHEN key ~* 'password|passphrase|secret|token|private.?key|cookie|authorization'
                                         AND jsonb_typeof(item) <> 'null' THEN '"[struck out]"'::jsonb
                                        ELSE audit_struck_out(item) END), '{}')
                                FROM jsonb_each(value) AS fields(key, item));
    ELSE RETURN value;
  END CASE;
END $$;

-- Nothing comes into the table but through here, whoever writes it: the time is the database's, and what looks like a secret is struck out.
CREATE FUNCTION audit_prepare_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."at" := clock_timestamp();
  NEW."before" := CASE WHEN NEW."before" IS NOT NULL THEN audit_struck_out(NEW."before") END;
  NEW."after" := CASE WHEN NEW."after" IS NOT NULL THEN audit_struck_out(NEW."after") END;
  NEW."subject_id" := audit_struck_out_text(NEW."subject_id");
  NEW."operation" := audit_struck_out_text(NEW."operation");
  NEW."user_agent" := left(audit_struck_out_text(NEW."user_agent"), 300);
  NEW."haystack" := lower(concat_ws(' ', NEW."actor_name", NEW."operation", NEW."action", NEW."subject_kind", NEW."subject_id",
    NEW."service", NEW."before"::text, NEW."after"::text, NEW."address", NEW."correlation_id"));
  RETURN NEW;
END $$;
CREATE TRIGGER "audit_entries_prepare" BEFORE INSERT ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION audit_prepare_entry();

-- Append-only, for everybody. What has to go after years goes by the procedure in docs/operations/audit.md, which leaves an entry.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entries is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
-- Also where replication or a restore has switched ordinary triggers off.
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_append_only";

-- Writes one entry for each row that is created, changed or removed. Arguments:
--   1  what a row is called (`request`)
--   2  the columns that make its name, in order
--   3  the columns whose values are kept; of others only that they changed
--   4  the columns that do not count: bookkeeping, and what changes with every keystroke
-- Who and from where comes from the setting `slipway.audit` of the transaction (lib/audit-driver.ts); without it, it was somebody at the database.
CREATE FUNCTION audit_row_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept text[] := string_to_array(TG_ARGV[2], ',');
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - string_to_array(TG_ARGV[3], ',') END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - string_to_array(TG_ARGV[3], ',') END;
  full_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  origin jsonb := nullif(current_setting('slipway.audit', true), '')::jsonb;
  was jsonb;
  becomes jsonb;
  number integer;
  service_of_it text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF old_row = new_row THEN RETURN NULL; END IF;
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (kept) THEN old_row -> key ELSE '"[not kept]"' END),
           jsonb_object_agg(key, CASE WHEN key = ANY (kept) THEN new_row -> key ELSE '"[not kept]"' END)
      INTO was, becomes
      FROM jsonb_object_keys(new_row) AS key WHERE old_row -> key IS DISTINCT FROM new_row -> key;
  ELSE
    SELECT jsonb_object_agg(key, item) INTO becomes
      FROM jsonb_each(coalesce(new_row, old_row)) AS fields(key, item)
     WHERE key = ANY (kept) AND jsonb_typeof(item) <> 'null';
    IF TG_OP = 'DELETE' THEN
      was := becomes;
      becomes := NULL;
    END IF;
  END IF;
  number := CASE WHEN TG_ARGV[0] = 'request' THEN full_row ->> 'id' ELSE full_row ->> 'request_id' END;
  service_of_it := coalesce(full_row ->> 'service_name', full_row ->> 'service', full_row ->> 'changes_service',
    CASE WHEN TG_ARGV[0] = 'service' THEN full_row ->> 'name' END);
  IF service_of_it IS NULL AND number IS NOT NULL THEN
    SELECT service_name INTO service_of_it FROM change_requests WHERE id = number;
  END IF;
  INSERT INTO audit_entries (actor_kind, actor_id, actor_name, way, operation, action, subject_kind, subject_id, service,
                             request_number, "before", "after", address, user_agent, correlation_id)
  VALUES (coalesce(origin #>> '{actor,kind}', 'database'), origin #>> '{actor,id}', coalesce(origin #>> '{actor,name}', session_user),
          coalesce(origin ->> 'way', 'database'), origin ->> 'operation',
          CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
          TG_ARGV[0],
          (SELECT string_agg(full_row ->> name, ' ' ORDER BY place) FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS names(name, place)),
          service_of_it, number, was, becomes, origin ->> 'address', origin ->> 'userAgent', origin ->> 'correlationId');
  RETURN NULL;
END $$;

CREATE TRIGGER "users_audit" AFTER INSERT OR UPDATE OR DELETE ON "users" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('user', 'id', 'name,issuer,subject', 'last_seen_at,created_at');
CREATE TRIGGER "drafts_audit" AFTER INSERT OR UPDATE OR DELETE ON "drafts" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('draft', 'id', 'owner_id,changes_service', 'content,version,step,created_at,updated_at,expires_at');
CREATE TRIGGER "change_requests_audit" AFTER INSERT OR UPDATE OR DELETE ON "change_requests" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('request', 'id',
    'state,action,service_name,repository,base_branch,base_sha,branch,head_sha,pull_number,pull_url,merge_sha,issue_url,runbook_page_url,failure,failure_ref,digest,predecessor_id,superseded_by_id,requester_id,draft_id,cancel_asked_at,cancel_asked_by,branch_taken_at,branch_taken_by,take_over_asked_by,merged_at,live_at',
    'created_at,updated_at,pull_updated_at,judged_sha,github_checks,github_checks_at');
CREATE TRIGGER "request_refreshes_audit" AFTER INSERT OR UPDATE OR DELETE ON "request_refreshes" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('refresh', 'request_id,number', 'base_sha,onto_sha,head_sha,digest,reason,ended_at,outcome', 'created_at');
CREATE TRIGGER "follow_up_ticks_audit" AFTER INSERT OR UPDATE OR DELETE ON "follow_up_ticks" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('step', 'request_id,key', 'key,done_by', 'done_at');
CREATE TRIGGER "port_reservations_audit" AFTER INSERT OR UPDATE OR DELETE ON "port_reservations" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('port', 'port_from,protocol,scope',
    'scope,protocol,port_from,port_to,state,pool,service,port_name,request_id,lease_until,reason,reserved_by,reserved_because,released_by',
    'id,created_at,updated_at');
CREATE TRIGGER "port_findings_audit" AFTER INSERT OR UPDATE OR DELETE ON "port_findings" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('finding', 'key', 'kind,path,message,state,accepted_because,accepted_by,accepted_at,mended_at', 'id,line,found_at');
CREATE TRIGGER "host_claims_audit" AFTER INSERT OR UPDATE OR DELETE ON "host_claims" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('host', 'host,path', 'host,path,request_id,released_at', 'id');
CREATE TRIGGER "runbook_claims_audit" AFTER INSERT OR UPDATE OR DELETE ON "runbook_claims" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('runbook', 'number', 'number,request_id,released_at', 'id');
CREATE TRIGGER "services_audit" AFTER INSERT OR UPDATE OR DELETE ON "services" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('service', 'name',
    'name,display_name,purpose,category,owner,lifecycle,stack,host,ports,request_id,runbook_path', 'seen_sha,places,created_at,updated_at');
CREATE TRIGGER "webhook_deliveries_audit" AFTER INSERT OR UPDATE OR DELETE ON "webhook_deliveries" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('delivery', 'id', 'event,outcome', 'payload,received_at,processed_at');
