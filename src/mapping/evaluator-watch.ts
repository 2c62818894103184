// A thread beside the evaluation: an expression that never ends keeps its process from noticing that the bridge is gone.
import { workerData } from 'node:worker_threads';

const LOOK_MS = 1000;

// A process whose parent is gone gets another one.
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
