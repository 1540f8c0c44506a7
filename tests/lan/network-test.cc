#include "lan-probe.h"
