// Put before everything that ssh2's native ciphers include. node::ObjectWrap of Node 24.19 and later takes itself out of a list when it is collected,
// asks for the environment where there is none, and aborts the process (nodejs/node issue 65446, mscdex/ssh2 issue 1511). Nan's, which does the same
// without that list, stands in for it.
#if defined(__cplusplus) && __has_include(<nan.h>)
#define SRC_NODE_OBJECT_WRAP_H_
#include <nan.h>
namespace node {
using Nan::ObjectWrap;
}
#endif
