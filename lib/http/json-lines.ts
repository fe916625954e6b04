/** Many values as one answer, a JSON object on each line, sent as they are read: neither side has to hold all of them. */

/** How much is gathered before it is sent. */
const CHUNK_CHARACTERS = 32 * 1024;

/**
 * @param values read only as fast as the other side takes them; ended when it goes away.
 * @param fileName under which a browser saves them.
 */
export function jsonLines(values: AsyncGenerator<unknown>, fileName: string): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let text = '';
        while (text.length < CHUNK_CHARACTERS) {
          const next = await values.next();
          if (next.done) {
            if (text !== '') controller.enqueue(encoder.encode(text));
            controller.close();
            return;
          }
          text += `${JSON.stringify(next.value)}\n`;
        }
        controller.enqueue(encoder.encode(text));
      },
      async cancel() {
        await values.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  });
}
