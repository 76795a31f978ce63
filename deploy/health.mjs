// The container's health check: exit code 0 where the server answers that it can serve.
const url = `http://127.0.0.1:${process.env.SYMBOLON_PORT ?? 8787}/ready`;
const { ok } = await fetch(url, { signal: AbortSignal.timeout(2500) }).catch(() => ({ ok: false }));
process.exitCode = ok ? 0 : 1;
