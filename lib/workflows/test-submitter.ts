/** For tests alone: a process that submits what SUBMISSION says, as a portal does when a person presses the button, and then says what it answers. */
import { Manifest } from '@/lib/services/manifest';
import { submitService, type Submission } from './submit-service';

const submission = JSON.parse(process.env.SUBMISSION ?? '{}') as Submission;
const result = await submitService({ ...submission, manifest: Manifest.parse(submission.manifest) });
process.stdout.write(JSON.stringify(result));
process.exit(0);
