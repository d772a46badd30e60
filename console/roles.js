// What somebody may do: each role may do what stands at it and before it.

export const ROLES = ['analyst', 'agent', 'manager', 'admin'];

export const atLeast = (me, role) => ROLES.indexOf(me.role) >= ROLES.indexOf(role);
