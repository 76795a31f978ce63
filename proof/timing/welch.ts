/** Running mean and variance (Welford), in constant memory. */
export class Sample {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.#squares += before * (value - this.mean);
  }

  get variance(): number {
    return this.count < 2 ? 0 : this.#squares / (this.count - 1);
  }
}

/** Welch's t for two samples with different variances: beyond 4.5 their means differ. */
export function welchT(one: Sample, other: Sample): number {
  const spread = Math.sqrt(one.variance / one.count + other.variance / other.count);
  return spread === 0 ? 0 : (one.mean - other.mean) / spread;
}
