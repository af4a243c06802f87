/* What search.c asks of positions.c. */
#ifndef POSITIONS_H
#define POSITIONS_H

#include "core.h"

double measure_document_closeness(const Segment *segment, const SlotTable *table,
                                  int64_t document, Workspace *workspace);

#endif
