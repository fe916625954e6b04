/**
 * Notion's published shapes as validators, for tests: what the stand-in answers and what the portal sends must pass them.
 */
import { readFileSync } from 'node:fs';

import { Ajv, type ValidateFunction } from 'ajv';

const compiled = new Map<string, ValidateFunction>();

function validatorOf(shape: string): ValidateFunction {
  const known = compiled.get(shape);
  if (known !== undefined) return known;
  const schema: unknown = JSON.parse(readFileSync(new URL(`./schemas/${shape}.json`, import.meta.url), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error(`schemas/${shape}.json is not a schema.`);
  const validator = new Ajv({ strict: false, allErrors: false }).compile(schema);
  compiled.set(shape, validator);
  return validator;
}

/** The problems of a value against one of the schemas, for example `GetPageResponse`; none when it fits. */
export function problemsAgainst(shape: string, value: unknown): string[] {
  const validate = validatorOf(shape);
  return validate(value)
    ? []
    : (validate.errors ?? []).slice(0, 5).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
