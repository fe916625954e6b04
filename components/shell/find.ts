/** What the palette is told; the answer of /api/v1/find. Types only. */
export interface FoundService {
  name: string;
  owner: string | undefined;
  pending: boolean;
  /** `7880 · 7881-7892/udp`. */
  ports: string;
}

export interface FoundRequest {
  id: number;
  title: string;
  stateLabel: string;
  createdAt: string;
}

export interface Found {
  services: FoundService[];
  requests: FoundRequest[];
}
