// echo service: any signature echoed; Big(u n)->ay ; Dict(u n)->a{sv}; ErrNoBody
#include <systemd/sd-bus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
static int filt(sd_bus_message *m, void *u, sd_bus_error *e){
  uint8_t t; sd_bus_message_get_type(m,&t);
  if(t!=SD_BUS_MESSAGE_METHOD_CALL) return 0;
  const char*mem=sd_bus_message_get_member(m); const char*ifc=sd_bus_message_get_interface(m);
  if(!ifc||strcmp(ifc,"test.Echo")) return 0;
  sd_bus_message *r=NULL; int k;
  sd_bus*bus=sd_bus_message_get_bus(m);
  if(!strcmp(mem,"ErrNoBody")){ sd_bus_error er={"test.Err.NoBody",NULL,0}; return sd_bus_reply_method_error(m,&er); }
  if(!strcmp(mem,"Never")) return 1;
  if(!strcmp(mem,"Exit")) exit(0);
  if((k=sd_bus_message_new_method_return(m,&r))<0) return k;
  if(!strcmp(mem,"Big")){ uint32_t n; sd_bus_message_read(m,"u",&n); void*p; sd_bus_message_append_array_space(r,'y',n,&p); memset(p,7,n);}
  else if(!strcmp(mem,"Dict")){ uint32_t n; sd_bus_message_read(m,"u",&n); sd_bus_message_open_container(r,'a',"{sv}"); char key[32];
    for(uint32_t i=0;i<n;i++){ snprintf(key,32,"Property%u",i); switch(i%4){case 0: sd_bus_message_append(r,"{sv}",key,"s","some string value"); break; case 1: sd_bus_message_append(r,"{sv}",key,"t",(uint64_t)i<<40);break; case 2: sd_bus_message_append(r,"{sv}",key,"b",1);break; default: sd_bus_message_append(r,"{sv}",key,"as",2,"alpha","beta");}}
    sd_bus_message_close_container(r);}
  else if(!strcmp(mem,"Len")){const void*p;size_t n;sd_bus_message_read_array(m,'y',&p,&n);sd_bus_message_append(r,"u",(uint32_t)n);}
  else if(!strcmp(mem,"DictLen")){sd_bus_message_append(r,"u",1);}
  else if(!strcmp(mem,"Fd")){ int fd=open("/etc/hostname",O_RDONLY); sd_bus_message_append(r,"h",fd); close(fd);}
  else if((k=sd_bus_message_copy(r,m,1))<0) { fprintf(stderr,"copy %d\n",k); }
  k=sd_bus_send(bus,r,NULL); sd_bus_message_unref(r);
  return k<0?k:1;
}
int main(){ sd_bus*b; int r=sd_bus_open_user(&b); if(r<0){fprintf(stderr,"open %s\n",strerror(-r));return 1;}
 sd_bus_negotiate_fds(b,1);
 sd_bus_add_filter(b,NULL,filt,NULL); r=sd_bus_request_name(b,"test.Echo",0); if(r<0)return 2; puts("ready"); fflush(stdout);
 for(;;){ r=sd_bus_process(b,NULL); if(r<0)return 3; if(r>0)continue; sd_bus_wait(b,(uint64_t)-1);} }
