// What other folders may use of inventory. Everything else in here is private.
export type { Voided, WhenTargetChanges } from './change-target.ts'
export { explainInventory, type InventoryError } from './errors.ts'
export { inventoryRoutes } from './inventory.routes.ts'
export {
  type AccountRow,
  insertAccount,
  lockAccount,
  lockAccountNamed,
  lockTarget,
  type TargetRow,
  updateAccount,
} from './inventory.store.ts'
export { keepDiscovering } from './keep-discovering.ts'
export { createKinds, type Kinds } from './kinds.ts'
export { namesInInventory } from './names.view.ts'
export { turnOn } from './turn-on.ts'
