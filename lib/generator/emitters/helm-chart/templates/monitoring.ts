/** Who watches it: what Prometheus reads, and when it calls somebody. */

export const serviceMonitor = `{{- with .Values.serviceMonitor }}
{{- if .enabled }}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "__NAME__.selector" $ | nindent 6 }}
  endpoints:
  - port: {{ required "serviceMonitor.port: the name of the port" .port }}
    path: {{ .path }}
    {{- with .params }}
    params:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    interval: {{ .interval }}
{{- end }}
{{- end }}
`;

export const prometheusRule = `{{- with .Values.prometheusRule }}
{{- if .enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  groups:
  - name: {{ $.Release.Name }}
    rules:
    {{- $runbook := .runbookUrl }}
    {{- range .alerts }}
    - alert: {{ .name }}
      expr: {{ .expression | quote }}
      {{- with .for }}
      for: {{ . }}
      {{- end }}
      labels:
        severity: {{ .severity | quote }}
        service: {{ $.Release.Name }}
      annotations:
        summary: {{ .summary | quote }}
        {{- with $runbook }}
        runbook_url: {{ . | quote }}
        {{- end }}
    {{- end }}
{{- end }}
{{- end }}
`;
