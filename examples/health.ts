/** Whether the server runs (`/health`), and can read and write its database (`/ready`). */
export async function isReady(url: string): Promise<boolean> {
  const [health, ready] = await Promise.all([fetch(`${url}/health`), fetch(`${url}/ready`)]);
  return health.ok && ready.ok;
}
