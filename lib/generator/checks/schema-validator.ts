/** Validators of JSON Schemas, compiled once per process: compiling takes longer than checking. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** The command line compiles both schemas on each run: no work on the code that compiling makes, none on schemas that never change. */
const options = {
  strict: false,
  allErrors: true,
  validateFormats: false,
  validateSchema: false,
  meta: false,
  logger: false,
  code: { optimize: false },
} as const;

/** A function that holds a value against the schema and gives the faults, each with its place in the value. */
export function schemaValidator(schema: object): (value: unknown) => string[] {
  // Both name their dialect by an address that ajv knows under another spelling; what they use is draft 7.
  const bare: Record<string, unknown> = { ...schema };
  delete bare['$schema'];
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= new Ajv(options).compile(bare);
    if (validate(value)) return [];
    return [...new Set((validate.errors ?? []).filter(telling).map(describe))];
  };
}

/** That none of several alternatives fits says less than why each does not. */
function telling(error: ErrorObject): boolean {
  return !['if', 'oneOf', 'anyOf'].includes(error.keyword);
}

function describe(error: ErrorObject): string {
  const where = error.instancePath.replace(/^\//, '').replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const params = error.params as Record<string, unknown>;
  const extra = params.additionalProperty ?? params.unevaluatedProperty ?? params.allowedValues;
  return `${where === '' ? 'The document' : where} ${error.message ?? 'is wrong'}${extra === undefined ? '' : `: ${[extra].flat().map(String).join(', ')}`}`;
}
