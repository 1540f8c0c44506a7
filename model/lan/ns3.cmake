# ns-3.37 as Debian packs it (libns3-dev), in one INTERFACE target: lanpeer-ns3.
#
# Debian's ns3Config.cmake and pkg-config files are broken, so headers and libraries are looked for
# by hand. The list is in the linker's order: a module stands before those that it uses.
set(lanpeer_ns3_modules applications point-to-point csma bridge wifi propagation mobility internet
    traffic-control network core)

find_path(LANPEER_NS3_INCLUDE_DIR ns3/core-module.h)
set(lanpeer_ns3_missing "")
if(NOT LANPEER_NS3_INCLUDE_DIR)
  list(APPEND lanpeer_ns3_missing "ns3/core-module.h")
endif()
set(lanpeer_ns3_libraries "")
foreach(module IN LISTS lanpeer_ns3_modules)
  string(MAKE_C_IDENTIFIER ${module} id)
  find_library(LANPEER_NS3_LIB_${id} ns3-${module})
  if(LANPEER_NS3_LIB_${id})
    list(APPEND lanpeer_ns3_libraries ${LANPEER_NS3_LIB_${id}})
  else()
    list(APPEND lanpeer_ns3_missing "libns3-${module}")
  endif()
endforeach()
find_library(LANPEER_NS3_LIB_netanim ns3-netanim)
if(NOT LANPEER_NS3_LIB_netanim)
  list(APPEND lanpeer_ns3_missing "libns3-netanim")
endif()
if(lanpeer_ns3_missing)
  list(JOIN lanpeer_ns3_missing ", " lanpeer_ns3_missing)
  message(FATAL_ERROR "ns-3 is missing (${lanpeer_ns3_missing}): install Debian's package "
    "libns3-dev (./setup does), or configure with -DLANPEER_WITH_NS3=OFF")
endif()

add_library(lanpeer-ns3 INTERFACE)
# SYSTEM: our warnings are errors, ns-3's are not ours.
target_include_directories(lanpeer-ns3 SYSTEM INTERFACE ${LANPEER_NS3_INCLUDE_DIR})
target_link_libraries(lanpeer-ns3 INTERFACE ${lanpeer_ns3_libraries})
# Debian built the libraries with it, and the size of classes changes with it: without it the heap
# is overrun. The assertions are not compiled in, so NS3_ASSERT_ENABLE must stay out.
target_compile_definitions(lanpeer-ns3 INTERFACE NS3_LOG_ENABLE)

# Apart, for the one that writes animations: it pulls in LTE, WiMAX and more, which cost every process
# that links them a start. <ns3/netanim-module.h>
add_library(lanpeer-ns3-netanim INTERFACE)
target_link_libraries(lanpeer-ns3-netanim INTERFACE ${LANPEER_NS3_LIB_netanim} lanpeer-ns3)

# The headers of ns-3 cost seconds per source file: they are compiled once, here.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/lanpeer-ns3-pch.cc
     CONTENT "// Nothing: this target exists for its precompiled header.\n")
add_library(lanpeer-ns3-pch OBJECT ${CMAKE_BINARY_DIR}/lanpeer-ns3-pch.cc)
target_link_libraries(lanpeer-ns3-pch PRIVATE lanpeer-ns3 lanpeer-warnings)
target_precompile_headers(lanpeer-ns3-pch PRIVATE
  <ns3/core-module.h> <ns3/network-module.h> <ns3/internet-module.h> <ns3/csma-module.h>
  <ns3/bridge-module.h> <ns3/point-to-point-module.h> <ns3/traffic-control-module.h>
  <ns3/applications-module.h>)

# lanpeer_precompile_ns3(TARGET...)
#
# Compiles the sources of the targets with the one precompiled header of ns-3. For speed only: every
# source still includes what it uses.
function(lanpeer_precompile_ns3)
  foreach(target IN LISTS ARGN)
    target_precompile_headers(${target} REUSE_FROM lanpeer-ns3-pch)
  endforeach()
endfunction()
