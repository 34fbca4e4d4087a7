import { EventBusSrv } from '@grafana/data';
import type { PanelContext } from '@grafana/ui';

/** Panels tell each other what the pointer is over; in a picture there is none. */
export const panelContext: PanelContext = { eventsScope: 'picture', eventBus: new EventBusSrv() };
