/**
 * The schemas of what a cluster is given, by apiVersion and kind; schemas/SOURCES.md says where they are from. Each is loaded when it is first needed: together they
 * are larger than the rest of the generator.
 */
type Load = () => Promise<{ default: object }>;

const loads: Readonly<Record<string, Load>> = {
  'argoproj.io/v1alpha1 Application': () => import('./schemas/crds/argoproj.io/application_v1alpha1.json'),
  'argoproj.io/v1alpha1 AppProject': () => import('./schemas/crds/argoproj.io/appproject_v1alpha1.json'),
  'external-secrets.io/v1 ExternalSecret': () => import('./schemas/crds/external-secrets.io/externalsecret_v1.json'),
  'external-secrets.io/v1beta1 ExternalSecret': () =>
    import('./schemas/crds/external-secrets.io/externalsecret_v1beta1.json'),
  'gateway.networking.k8s.io/v1 HTTPRoute': () => import('./schemas/crds/gateway.networking.k8s.io/httproute_v1.json'),
  'keda.sh/v1alpha1 ScaledObject': () => import('./schemas/crds/keda.sh/scaledobject_v1alpha1.json'),
  'keda.sh/v1alpha1 TriggerAuthentication': () => import('./schemas/crds/keda.sh/triggerauthentication_v1alpha1.json'),
  'monitoring.coreos.com/v1 PrometheusRule': () =>
    import('./schemas/crds/monitoring.coreos.com/prometheusrule_v1.json'),
  'monitoring.coreos.com/v1 ServiceMonitor': () =>
    import('./schemas/crds/monitoring.coreos.com/servicemonitor_v1.json'),
  'traefik.io/v1alpha1 IngressRoute': () => import('./schemas/crds/traefik.io/ingressroute_v1alpha1.json'),
  'traefik.io/v1alpha1 Middleware': () => import('./schemas/crds/traefik.io/middleware_v1alpha1.json'),
  'traefik.io/v1alpha1 ServersTransport': () => import('./schemas/crds/traefik.io/serverstransport_v1alpha1.json'),
  'v1 ConfigMap': () => import('./schemas/kubernetes/configmap-v1.json'),
  'batch/v1 CronJob': () => import('./schemas/kubernetes/cronjob-batch-v1.json'),
  'apps/v1 Deployment': () => import('./schemas/kubernetes/deployment-apps-v1.json'),
  'autoscaling/v2 HorizontalPodAutoscaler': () =>
    import('./schemas/kubernetes/horizontalpodautoscaler-autoscaling-v2.json'),
  'networking.k8s.io/v1 Ingress': () => import('./schemas/kubernetes/ingress-networking_k8s_io-v1.json'),
  'batch/v1 Job': () => import('./schemas/kubernetes/job-batch-v1.json'),
  'v1 LimitRange': () => import('./schemas/kubernetes/limitrange-v1.json'),
  'v1 Namespace': () => import('./schemas/kubernetes/namespace-v1.json'),
  'networking.k8s.io/v1 NetworkPolicy': () => import('./schemas/kubernetes/networkpolicy-networking_k8s_io-v1.json'),
  'v1 PersistentVolumeClaim': () => import('./schemas/kubernetes/persistentvolumeclaim-v1.json'),
  'policy/v1 PodDisruptionBudget': () => import('./schemas/kubernetes/poddisruptionbudget-policy-v1.json'),
  'v1 ResourceQuota': () => import('./schemas/kubernetes/resourcequota-v1.json'),
  'rbac.authorization.k8s.io/v1 Role': () => import('./schemas/kubernetes/role-rbac_authorization_k8s_io-v1.json'),
  'rbac.authorization.k8s.io/v1 RoleBinding': () =>
    import('./schemas/kubernetes/rolebinding-rbac_authorization_k8s_io-v1.json'),
  'v1 Secret': () => import('./schemas/kubernetes/secret-v1.json'),
  'v1 Service': () => import('./schemas/kubernetes/service-v1.json'),
  'v1 ServiceAccount': () => import('./schemas/kubernetes/serviceaccount-v1.json'),
  'apps/v1 StatefulSet': () => import('./schemas/kubernetes/statefulset-apps-v1.json'),
};

/** The schema of a kind; undefined where we have none. */
export async function kubernetesSchema(apiVersion: string, kind: string): Promise<object | undefined> {
  const key = `${apiVersion} ${kind}`;
  return Object.hasOwn(loads, key) ? (await loads[key]?.())?.default : undefined;
}

/** The versions of a kind's group that we have schemas for: with one, another version is a mistake and not merely unknown. */
export function knownVersions(apiVersion: string, kind: string): string[] {
  const group = apiVersion.includes('/') ? `${apiVersion.split('/')[0] ?? ''}/` : '';
  return Object.keys(loads).flatMap((key) => {
    const [version = '', known] = key.split(' ');
    return known === kind && version.startsWith(group) && version.includes('/') === (group !== '') ? [version] : [];
  });
}
