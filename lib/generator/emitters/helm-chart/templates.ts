/**
 * The chart's templates. They are the same for every service but for its name: what differs is in the values, where people look for it, and what
 * a spec does not ask for is there and switched off. No text that a person typed ever stands in a template.
 */
import { helpers } from './templates/helpers';
import { externalSecret, serviceAccount } from './templates/identity';
import { prometheusRule, serviceMonitor } from './templates/monitoring';
import { httpRoute, ingress, networkPolicy, service } from './templates/network';
import { horizontalPodAutoscaler, podDisruptionBudget, scaledObject } from './templates/scaling';
import { configMap, deployment, persistentVolumeClaim } from './templates/workload';

const common: Readonly<Record<string, string>> = {
  '_helpers.tpl': helpers,
  'configmap.yaml': configMap,
  'deployment.yaml': deployment,
  'externalsecret.yaml': externalSecret,
  'horizontalpodautoscaler.yaml': horizontalPodAutoscaler,
  'networkpolicy.yaml': networkPolicy,
  'persistentvolumeclaim.yaml': persistentVolumeClaim,
  'poddisruptionbudget.yaml': podDisruptionBudget,
  'prometheusrule.yaml': prometheusRule,
  'scaledobject.yaml': scaledObject,
  'service.yaml': service,
  'serviceaccount.yaml': serviceAccount,
  'servicemonitor.yaml': serviceMonitor,
};

/** The files under `templates/`, by name. @param entry how the cluster is entered: by an Ingress, or by an HTTPRoute of the Gateway API. */
export function chartTemplates(name: string, entry: 'ingress' | 'route'): Record<string, string> {
  const files = {
    ...common,
    ...(entry === 'route' ? { 'httproute.yaml': httpRoute } : { 'ingress.yaml': ingress }),
  };
  return Object.fromEntries(
    Object.entries(files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, text]) => [file, text.replaceAll('__NAME__', name).replaceAll('__ENTRY__', entry)]),
  );
}
