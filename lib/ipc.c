// Messages to other environments.

#include <inc/lib.h>

// An address at which no page can be: no page is sent, or wanted.
#define NO_PAGE ((void *)UTOP)

// Wait for a message. If `pg` is not NULL, a page that comes with it is mapped
// there. Who sent it and the permissions of the page, 0 if none came, are left
// in *from_env_store and *perm_store, where these are not NULL.
//
// Returns:  the word that was sent; or the error of sys_ipc_recv, and then the
//           two are 0.
int32_t
ipc_recv(envid_t *from_env_store, void *pg, int *perm_store)
{
	// @solution lab4.ipc_recv
	int r = sys_ipc_recv(pg ? pg : NO_PAGE);

	if (from_env_store)
		*from_env_store = r < 0 ? 0 : thisenv->env_ipc_from;
	if (perm_store)
		*perm_store = r < 0 ? 0 : thisenv->env_ipc_perm;
	return r < 0 ? r : (int32_t)thisenv->env_ipc_value;
	// @end lab4.ipc_recv
}

// Send `val` to environment `to_env`, and if `pg` is not NULL, the page there
// with permissions `perm`. Waits until the other takes it (sys_ipc_send).
//
// Panics with "%e" of any error in the message.
void
ipc_send(envid_t to_env, uint32_t val, void *pg, int perm)
{
	// @solution lab4.ipc_send
	int r = sys_ipc_send(to_env, val, pg ? pg : NO_PAGE, perm);

	if (r < 0)
		panic("ipc_send to %08x: %e", to_env, r);
	// @end lab4.ipc_send
}
