/** Where requests of a host application come in. It counts those under way, and can be closed. */
export type Entrance = {
  isClosed(): boolean;
  /** A request comes in. Call the function that it returns once the answer has left. */
  begin(): () => void;
  /** Lets no further request in, and resolves when none is under way. */
  close(): Promise<void>;
};

export function openEntrance(): Entrance {
  let underWay = 0;
  let isClosed = false;
  let onIdle = (): void => {};
  return {
    isClosed: () => isClosed,
    begin() {
      underWay++;
      return () => {
        underWay--;
        if (underWay === 0) onIdle();
      };
    },
    close: () =>
      new Promise((resolve) => {
        isClosed = true;
        onIdle = resolve;
        if (underWay === 0) resolve();
      }),
  };
}
