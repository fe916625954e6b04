/** How it is reached, and what it may reach. */

export const service = `{{- if .Values.ports }}
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

export const ingress = `{{- if .Values.ingress.enabled }}
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
              name: {{ required "ingress.port: the name of the port" .Values.ingress.port }}
  tls:
  - hosts:
    - {{ .Values.ingress.host | quote }}
    secretName: {{ .Values.ingress.tlsSecretName | default (printf "%s-tls" .Release.Name) }}
{{- end }}
`;

export const httpRoute = `{{- if .Values.route.enabled }}
{{- $port := required "route.port: the name of the port" .Values.route.port }}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "__NAME__.labels" . | nindent 4 }}
spec:
  parentRefs:
  - name: {{ .Values.route.gateway.name }}
    namespace: {{ .Values.route.gateway.namespace }}
  hostnames:
  - {{ required "route.host: the host of this environment" .Values.route.host | quote }}
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: {{ .Values.route.path }}
    {{- with .Values.route.filters }}
    filters:
      {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with .Values.route.timeouts }}
    timeouts:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    backendRefs:
    - name: {{ .Release.Name }}
      {{- range .Values.ports }}
      {{- if eq .name $port }}
      port: {{ .containerPort }}
      {{- end }}
      {{- end }}
{{- end }}
`;

/** `__ENTRY__` is the block of values that opens the service to the outside: ingress or route. */
export const networkPolicy = `{{- with .Values.networkPolicy }}
{{- if .enabled }}
{{- $monitor := $.Values.serviceMonitor }}
{{- $entry := $.Values.__ENTRY__ }}
# Nothing comes in and nothing goes out but what stands here.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "__NAME__.labels" $ | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "__NAME__.selector" $ | nindent 6 }}
  policyTypes:
  - Ingress
  - Egress
  {{- if or $entry.enabled $monitor.enabled .from }}
  ingress:
  {{- if $entry.enabled }}
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .ingressNamespace }}
    ports:
    - port: {{ $entry.port }}
      protocol: TCP
  {{- end }}
  {{- if $monitor.enabled }}
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .monitoringNamespace }}
    ports:
    - port: {{ $monitor.port }}
      protocol: TCP
  {{- end }}
  {{- range .from }}
  # {{ .name }}
  - from:
    - {{ include "__NAME__.peer" . | nindent 6 | trim }}
    {{- with .ports }}
    ports:
    {{- range . }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
    {{- end }}
  {{- end }}
  {{- end }}
  egress:
  # DNS
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .dnsNamespace }}
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
  {{- range .to }}
  # {{ .name }}
  - to:
    - {{ include "__NAME__.peer" . | nindent 6 | trim }}
    {{- with .ports }}
    ports:
    {{- range . }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
`;
