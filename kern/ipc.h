// IPC: messages between environments.
#ifndef JOS_KERN_IPC_H
#define JOS_KERN_IPC_H

struct Env;

void ipc_next_sender(struct Env *to);
void ipc_refuse_senders(struct Env *to);

#endif
