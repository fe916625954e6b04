/** What the palette is told; the answer of /api/v1/find. Types only. */
import type { RequestState } from '@/lib/requests/states';

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
  state: RequestState;
  createdAt: string;
}

export interface Found {
  services: FoundService[];
  requests: FoundRequest[];
}
