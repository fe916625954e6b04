/** Who it is and what it knows: the ServiceAccount with its AWS role, and the secrets that are copied from the store. */

export const serviceAccount = `{{- if .Values.serviceAccount.create }}
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

export const externalSecret = `{{- with .Values.externalSecret }}
{{- if .enabled }}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  refreshInterval: {{ .refreshInterval }}
  secretStoreRef:
    kind: {{ .store.kind }}
    name: {{ required "externalSecret.store.name: the secret store of the cluster" .store.name }}
  target:
    name: {{ $.Release.Name }}-secrets
  data:
  {{- range $file, $key := .secrets }}
  - secretKey: {{ $file | quote }}
    remoteRef:
      key: {{ $key | quote }}
  {{- end }}
  {{- $parameterStore := .parameterStore }}
  {{- range $file, $key := .parameters }}
  - secretKey: {{ $file | quote }}
    remoteRef:
      key: {{ $key | quote }}
    sourceRef:
      storeRef:
        kind: {{ $parameterStore.kind }}
        name: {{ required "externalSecret.parameterStore.name: the parameter store of the cluster" $parameterStore.name }}
  {{- end }}
{{- end }}
{{- end }}
`;
