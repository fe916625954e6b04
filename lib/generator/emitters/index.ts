/**
 * Every kind of generated file, one line each. The order within a commit is the order of this list; which commit an emitter writes to is its own word.
 */
import { architectureIndexEmitter } from './architecture-index/emit';
import { argoCdEmitter } from './argocd/emit';
import { awsPolicyEmitter } from './aws-policy/emit';
import { composeEmitter } from './compose/emit';
import { deliveryEmitter } from './delivery/emit';
import { grafanaEmitter } from './grafana/emit';
import { helmChartEmitter } from './helm-chart/emit';
import { helmValuesEmitter } from './helm-values/emit';
import { localstackEmitter } from './localstack/emit';
import { messagingEmitter } from './messaging/emit';
import { navigationEmitter } from './navigation/emit';
import { portRegistryEmitter } from './port-registry/emit';
import { prometheusEmitter } from './prometheus/emit';
import { readmeEmitter } from './readme/emit';
import { runbookEmitter } from './runbook/emit';
import { spiffeConfigEmitter } from './spiffe/config';
import { spiffeRegistrationEmitter } from './spiffe/registration';
import { spiffeSidecarEmitter } from './spiffe/sidecar';
import { traefikEmitter } from './traefik/emit';
import type { Emitter } from '../types';

export const emitters: readonly Emitter[] = [
  portRegistryEmitter,
  composeEmitter,
  spiffeConfigEmitter,
  spiffeRegistrationEmitter,
  spiffeSidecarEmitter,
  localstackEmitter,
  awsPolicyEmitter,
  messagingEmitter,
  helmChartEmitter,
  helmValuesEmitter,
  argoCdEmitter,
  traefikEmitter,
  deliveryEmitter,
  prometheusEmitter,
  grafanaEmitter,
  runbookEmitter,
  architectureIndexEmitter,
  readmeEmitter,
  navigationEmitter,
];
