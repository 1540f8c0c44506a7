#include "model/harness/arguments.h"
