/**
 * The chart's templates. They are the same for every service but for its name: what differs is in the values, where people look for it. No text
 * that a person typed ever stands in a template.
 */

const helpers = `{{- define "__NAME__.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "__NAME__.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "__NAME__.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.costLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "__NAME__.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary .Release.Name "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "__NAME__.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  revisionHistoryLimit: 5
  {{- if .Values.persistence }}
  # A volume that one node holds cannot be handed over while the old pod runs.
  strategy:
    type: Recreate
  {{- end }}
  selector:
    matchLabels:
      {{- include "__NAME__.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "__NAME__.labels" . | nindent 8 }}
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "__NAME__.serviceAccountName" . }}
      automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
      enableServiceLinks: false
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
        - name: __NAME__
          image: {{ include "__NAME__.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          {{- with .Values.ports }}
          ports:
            {{- range . }}
            - name: {{ .name }}
              containerPort: {{ .containerPort }}
              protocol: {{ .protocol }}
            {{- end }}
          {{- end }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          {{- with .Values.probes.startup }}
          startupProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.probes.readiness }}
          readinessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.probes.liveness }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          volumeMounts:
            {{- if .Values.writableTmp }}
            - name: tmp
              mountPath: /tmp
            {{- end }}
            {{- range .Values.persistence }}
            {{- $volume := . }}
            {{- range .mounts }}
            - name: {{ $volume.name }}
              mountPath: {{ .path }}
              readOnly: {{ .readOnly }}
            {{- end }}
            {{- end }}
            {{- if .Values.externalSecret.enabled }}
            - name: secrets
              mountPath: {{ .Values.externalSecret.mountPath }}
              readOnly: true
            {{- end }}
      volumes:
        {{- if .Values.writableTmp }}
        - name: tmp
          emptyDir: {}
        {{- end }}
        {{- range .Values.persistence }}
        - name: {{ .name }}
          persistentVolumeClaim:
            claimName: {{ $.Release.Name }}-{{ .name }}
        {{- end }}
        {{- if .Values.externalSecret.enabled }}
        - name: secrets
          secret:
            secretName: {{ .Release.Name }}-secrets
        {{- end }}
`;

const service = `{{- if .Values.ports }}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "__NAME__.selector" . | nindent 4 }}
  ports:
    {{- range .Values.ports }}
    - name: {{ .name }}
      port: {{ .containerPort }}
      targetPort: {{ .name }}
      protocol: {{ .protocol }}
    {{- end }}
{{- end }}
`;

const serviceAccount = `{{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "__NAME__.serviceAccountName" . }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
{{- end }}
`;

const ingress = `{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
  {{- with .Values.ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  ingressClassName: {{ .Values.ingress.className }}
  rules:
    - host: {{ required "ingress.host: the host of this environment" .Values.ingress.host | quote }}
      http:
        paths:
          - path: {{ .Values.ingress.path }}
            pathType: Prefix
            backend:
              service:
                name: {{ .Release.Name }}
                port:
                  name: {{ .Values.ingress.port }}
  tls:
    - hosts:
        - {{ .Values.ingress.host | quote }}
      secretName: {{ .Values.ingress.tlsSecretName | default (printf "%s-tls" .Release.Name) }}
{{- end }}
`;

const persistentVolumeClaim = `{{- range .Values.persistence }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ $.Release.Name }}-{{ .name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  accessModes:
    - {{ .accessMode }}
  {{- with .storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size }}
{{- end }}
`;

const externalSecret = `{{- if .Values.externalSecret.enabled }}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  refreshInterval: {{ .Values.externalSecret.refreshInterval }}
  secretStoreRef:
    kind: {{ .Values.externalSecret.storeKind }}
    name: {{ .Values.externalSecret.storeName }}
  target:
    name: {{ .Release.Name }}-secrets
  data:
    {{- range $file, $key := .Values.externalSecret.secrets }}
    - secretKey: {{ $file | quote }}
      remoteRef:
        key: {{ $key | quote }}
    {{- end }}
{{- end }}
`;

/** Which of the templates a chart needs. */
export interface TemplateChoice {
  ports: boolean;
  volumes: boolean;
  secrets: boolean;
  routed: boolean;
}

/** The files under `templates/`, by name. */
export function chartTemplates(name: string, choice: TemplateChoice): Record<string, string> {
  const files: Record<string, string> = {
    '_helpers.tpl': helpers,
    'deployment.yaml': deployment,
    'serviceaccount.yaml': serviceAccount,
    ...(choice.ports ? { 'service.yaml': service } : {}),
    ...(choice.routed ? { 'ingress.yaml': ingress } : {}),
    ...(choice.volumes ? { 'persistentvolumeclaim.yaml': persistentVolumeClaim } : {}),
    ...(choice.secrets ? { 'externalsecret.yaml': externalSecret } : {}),
  };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replaceAll('__NAME__', name)]));
}
