// A thread beside the evaluation: an expression that never ends keeps its process from noticing that the bridge is gone.
import { setInterval } from 'node:timers';

const LOOK_MS = 1000;
const bridge = process.ppid;

// A process whose parent is gone gets another one.
setInterval(() => {
  if (process.ppid !== bridge) process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
