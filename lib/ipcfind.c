// Finding whom to send messages to.

#include <inc/lib.h>

// Returns:  the id of the first environment of the given type, or 0.
envid_t
ipc_find_env(enum EnvType type)
{
	for (int i = 0; i < NENV; i++)
		if (envs[i].env_status != ENV_FREE && envs[i].env_type == type)
			return envs[i].env_id;
	return 0;
}
