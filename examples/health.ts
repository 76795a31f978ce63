/** `/health`: the process lives. `/ready`: it can read and write its store. */
export async function isReady(url: string): Promise<boolean> {
  const [health, ready] = await Promise.all([fetch(`${url}/health`), fetch(`${url}/ready`)]);
  return health.ok && ready.ok;
}
