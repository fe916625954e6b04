/** Errors as the outside sees them: RFC 9457 problem details, the same for the API and for actions. */
import { httpStatus, isSlipwayError, ConflictError, InputError, UpstreamError, type FieldProblem } from '@/lib/errors';
import { log, newReference } from '@/lib/log';

/** application/problem+json. `reference` is what a person reads out and an operator finds in the log. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  reference?: string;
  problems?: FieldProblem[];
  path?: string;
  owner?: { label: string; href?: string };
}

const titles = {
  input: 'Something in the input has to change',
  unauthenticated: 'Not signed in',
  'not-allowed': 'Not allowed',
  'not-found': 'Not found',
  conflict: 'Somebody has it already',
  upstream: 'Another system did not do its part',
} as const;

/** Turns whatever was thrown into a problem; what is unknown is logged under a reference and not shown. */
export function toProblem(error: unknown, where: string): Problem {
  if (!isSlipwayError(error)) {
    const reference = newReference();
    log('http').error({ err: error, reference, where }, 'unexpected error');
    return {
      type: '/problems/unexpected',
      title: 'Something went wrong here',
      status: 500,
      detail: 'It is not your input. Try again; if it stays, give the reference to an operator.',
      reference,
    };
  }
  const problem: Problem = {
    type: `/problems/${error.kind}`,
    title: titles[error.kind],
    status: httpStatus(error.kind),
    detail: error.publicMessage,
  };
  if (error instanceof InputError && error.problems.length > 0) problem.problems = error.problems;
  if (error instanceof ConflictError) Object.assign(problem, error.detail);
  if (error instanceof UpstreamError) {
    problem.reference = newReference();
    log('http').warn(
      { err: error, reference: problem.reference, system: error.system, where },
      'another system failed',
    );
  }
  return problem;
}
