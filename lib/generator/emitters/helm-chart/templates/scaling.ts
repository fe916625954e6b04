/** How many of it there are: by load, by what waits in a queue, and how many must stay while nodes are drained. */

export const horizontalPodAutoscaler = `{{- with .Values.autoscaling }}
{{- if .enabled }}
{{- if $.Values.queueScaling.enabled }}
{{- fail "autoscaling and queueScaling both scale one Deployment: enable one of them" }}
{{- end }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $.Release.Name }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ .cpuPercent }}
  {{- with .memoryPercent }}
  - type: Resource
    resource:
      name: memory
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
`;

export const scaledObject = `{{- with .Values.queueScaling }}
{{- if .enabled }}
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  podIdentity:
    provider: aws
    # The service's own role where it has one, else KEDA's.
    identityOwner: {{ ternary "workload" "keda" (hasKey $.Values.serviceAccount.annotations "eks.amazonaws.com/role-arn") }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ $.Release.Name }}
  minReplicaCount: {{ .minReplicas }}
  maxReplicaCount: {{ .maxReplicas }}
  triggers:
  - type: aws-sqs-queue
    metadata:
      queueURL: {{ required "queueScaling.queueURL: the queue that it reads" .queueURL | quote }}
      queueLength: {{ .messagesPerReplica | quote }}
      awsRegion: {{ .region | quote }}
    authenticationRef:
      name: {{ $.Release.Name }}
{{- end }}
{{- end }}
`;

export const podDisruptionBudget = `{{- if .Values.disruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  minAvailable: {{ .Values.disruptionBudget.minAvailable }}
  selector:
    matchLabels:
      {{- include "__NAME__.selector" . | nindent 6 }}
{{- end }}
`;
