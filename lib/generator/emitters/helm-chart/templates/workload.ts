/** What runs: the Deployment, the claims of its volumes and the ConfigMap of its variables. */

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  {{- if not (or .Values.autoscaling.enabled .Values.queueScaling.enabled) }}
  replicas: {{ .Values.replicas }}
  {{- end }}
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
      {{- if or .Values.podAnnotations .Values.configMap.enabled .Values.externalSecret.enabled }}
      annotations:
        {{- if .Values.configMap.enabled }}
        checksum/config: {{ include (print .Template.BasePath "/configmap.yaml") . | sha256sum }}
        {{- end }}
        {{- if .Values.externalSecret.enabled }}
        checksum/secrets: {{ include (print .Template.BasePath "/externalsecret.yaml") . | sha256sum }}
        {{- end }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
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
        {{- if .Values.configMap.enabled }}
        envFrom:
        - configMapRef:
            name: {{ .Release.Name }}
        {{- else if .Values.env }}
        env:
        {{- range $name, $value := .Values.env }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
        {{- end }}
        {{- with .Values.probes.startup }}
        startupProbe:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- with .Values.probes.readiness }}
        readinessProbe:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- with .Values.probes.liveness }}
        livenessProbe:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        resources:
          {{- toYaml .Values.resources | nindent 10 }}
        securityContext:
          {{- toYaml .Values.securityContext | nindent 10 }}
        {{- if or .Values.writableTmp .Values.persistence .Values.externalSecret.enabled }}
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
        {{- end }}
      {{- if or .Values.writableTmp .Values.persistence .Values.externalSecret.enabled }}
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
      {{- end }}
`;

export const configMap = `{{- if .Values.configMap.enabled }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
data:
  {{- range $name, $value := .Values.env }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
{{- end }}
`;

export const persistentVolumeClaim = `{{- range .Values.persistence }}
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
