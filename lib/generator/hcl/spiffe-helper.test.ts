import { describe, expect, it } from 'vitest';
import { sampleTree } from '../test-sample';
import { helperConfigFaults } from './spiffe-helper';

const files = 'svid_file_name = "a"\nsvid_key_file_name = "b"\nsvid_bundle_file_name = "c"\n';
const faults = (text: string, image?: string): string[] =>
  helperConfigFaults(text, image).map((fault) => `${fault.line}: ${fault.message}`);

describe("a helper's configuration", () => {
  it('is sound in the sample repository', () => {
    const tree = sampleTree();
    for (const path of tree.paths.filter((one) => one.startsWith('config/spiffe-helper/')))
      expect([path, faults(tree.read(path) ?? '')]).toEqual([path, []]);
  });

  it('may say all that spiffe-helper 0.11 reads', () => {
    const all = `${files}agent_address = "x"\ncmd = ""\ncmd_args = ""\npid_file_name = "p"\nrenew_signal = "SIGHUP"
cert_dir = "."\ndaemon_mode = true\nadd_intermediates_to_bundle = false\ninclude_federated_domains = true
cert_file_mode = 0644\nkey_file_mode = 0600\njwt_bundle_file_mode = 0600\njwt_svid_file_mode = 0600\nhint = ""
omit_expired = true\njwt_bundle_file_name = "j"
jwt_svids = [{jwt_audience="a", jwt_extra_audiences=["b"], jwt_svid_file_name="c"}]
health_checks {\n  listener_enabled = true\n  bind_port = 8081\n  liveness_path = "/l"\n  readiness_path = "/r"\n}\n`;
    expect(faults(all)).toEqual([]);
    expect(faults(all, 'ghcr.io/spiffe/spiffe-helper:0.10.1')).toEqual([
      '18: spiffe-helper knows omit_expired since 0.11, and this one is 0.10.',
    ]);
  });

  it.each([
    [`${files}cert_dirr = "."\n`, '4: spiffe-helper knows no key cert_dirr.'],
    [`${files}constructor = "."\n`, '4: spiffe-helper knows no key constructor.'],
    [`${files}\nagentAddress = "."\n`, '5: spiffe-helper no longer knows agentAddress; write agent_address.'],
    [`${files}cert_file_mode = "rw"\n`, '4: cert_file_mode is not a number.'],
    [`${files}daemon_mode = "true"\n`, '4: daemon_mode is not true or false.'],
    [`${files}health_checks {\n  port = 1\n}\n`, '5: spiffe-helper knows no key port in health_checks.'],
    [`${files}jwt_svids = [{aud = "x"}]\n`, '4: spiffe-helper knows no key aud in jwt_svids.'],
    [`${files}cert_dir = "\n`, '4: The quotation does not close.'],
    ['svid_file_name = "a"\n', /^1: .* go together/],
    ['cert_dir = "."\n', /^1: It fetches nothing/],
    [`${files}pid_file_name = "a"\n`, '4: pid_file_name needs a renew_signal.'],
  ])('%j is not', (text, expected) => {
    const [first, ...rest] = faults(text);
    expect(rest).toEqual([]);
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  it('may say what its own release knows', () => {
    expect(faults('certDir = "."\n', 'spiffe-helper:0.8.0')).toEqual([]);
  });
});
